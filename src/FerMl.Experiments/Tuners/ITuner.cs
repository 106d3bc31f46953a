namespace FerMl.Experiments;

/// <summary>
/// Says what to try next. A proposal is a function of what is known and of the trial's number, so that any worker may ask.
/// </summary>
public interface ITuner
{
    /// <summary>Proposes a configuration.</summary>
    /// <param name="space">What is searched.</param>
    /// <param name="trials">The trials so far, with what they brought.</param>
    /// <param name="number">The new trial's number, from 0.</param>
    /// <param name="seed">The study's seed.</param>
    /// <returns>The configuration, or null where all have been tried.</returns>
    Configuration? Propose(SearchSpace space, IReadOnlyList<Trial> trials, int number, int seed);
}
