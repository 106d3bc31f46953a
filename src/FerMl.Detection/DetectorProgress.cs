namespace FerMl.Detection;

/// <summary>How far a training is; what is said "of late" is a mean over the last fifty steps or so.</summary>
/// <param name="Network">Which of the two networks is being trained.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Loss">Loss of late.</param>
/// <param name="Found">Share of the faces, or of the places with faces, that were taken for some, of late.</param>
/// <param name="FalsePositives">Share of what was no face, or of the scenes in which something was taken for one, of late.</param>
/// <param name="ScenesPerSecond">Scenes a second.</param>
public sealed record DetectorProgress(
    string Network, int Step, int Steps, double Loss, double Found, double FalsePositives, double ScenesPerSecond)
{
    private const double Memory = 0.98;

    /// <summary>The report of the next step.</summary>
    internal DetectorProgress Next(double loss, double found, double falseAlarms, double scenesPerSecond)
    {
        // At first a plain mean, so that the beginning doesn't linger.
        var kept = Math.Min(Memory, Step / (Step + 1.0));
        return this with
        {
            Step = Step + 1,
            Loss = kept * Loss + (1 - kept) * loss,
            Found = kept * Found + (1 - kept) * found,
            FalsePositives = kept * FalsePositives + (1 - kept) * falseAlarms,
            ScenesPerSecond = scenesPerSecond,
        };
    }
}
