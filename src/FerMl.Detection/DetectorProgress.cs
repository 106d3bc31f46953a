namespace FerMl.Detection;

/// <summary>Progress of a training. Loss and shares are running means over about fifty steps.</summary>
/// <param name="Network">The network that is being trained.</param>
/// <param name="Step">Completed steps.</param>
/// <param name="Steps">Total steps.</param>
/// <param name="Loss">Running mean of the loss.</param>
/// <param name="Found">Running mean of recall: the share of the faces, or of the grid cells with faces, that are detected.</param>
/// <param name="FalsePositives">Running mean of the share of non-faces, or of scenes, with a false positive.</param>
/// <param name="ScenesPerSecond">Scenes per second.</param>
public sealed record DetectorProgress(
    string Network, int Step, int Steps, double Loss, double Found, double FalsePositives, double ScenesPerSecond)
{
    private const double Memory = 0.98;

    /// <summary>The progress after the next step.</summary>
    internal DetectorProgress Next(double loss, double found, double falsePositives, double scenesPerSecond)
    {
        // A plain mean at first, so that the first values don't dominate.
        var kept = Math.Min(Memory, Step / (Step + 1.0));
        return this with
        {
            Step = Step + 1,
            Loss = kept * Loss + (1 - kept) * loss,
            Found = kept * Found + (1 - kept) * found,
            FalsePositives = kept * FalsePositives + (1 - kept) * falsePositives,
            ScenesPerSecond = scenesPerSecond,
        };
    }
}
