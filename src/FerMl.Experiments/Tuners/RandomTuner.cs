using FerMl.Training;

namespace FerMl.Experiments;

/// <summary>Random search (Bergstra and Bengio, "Random Search for Hyper-Parameter Optimization", 2012).</summary>
public sealed class RandomTuner : ITuner
{
    /// <inheritdoc/>
    public Configuration? Propose(SearchSpace space, IReadOnlyList<Trial> trials, int number, int seed)
    {
        ArgumentNullException.ThrowIfNull(space);
        var random = RandomOf(seed, number);
        return space.FromUnit([.. space.Parameters.Select(_ => random.NextDouble())]);
    }

    /// <summary>Random numbers for a trial, the same on every machine and independent of neighboring trials.</summary>
    internal static RandomStream RandomOf(int seed, int number) => new(seed, RandomPurpose.Trial, number);
}
