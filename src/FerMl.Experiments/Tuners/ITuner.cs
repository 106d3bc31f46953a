namespace FerMl.Experiments;

/// <summary>
/// Proposes configurations. A proposal depends only on the arguments, so that any worker can compute it.
/// </summary>
public interface ITuner
{
    /// <summary>Proposes a configuration.</summary>
    /// <param name="space">The search space.</param>
    /// <param name="trials">The existing trials with their results.</param>
    /// <param name="number">The new trial's number, from 0.</param>
    /// <param name="seed">The study's seed.</param>
    /// <returns>The configuration, or null if there are no more to try.</returns>
    Configuration? Propose(SearchSpace space, IReadOnlyList<Trial> trials, int number, int seed);
}
