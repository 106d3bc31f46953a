namespace FerMl.Training;

/// <summary>
/// Random numbers that are a function of their use: (seed, purpose, epoch, face). No state is carried from step to step, so an interrupted
/// training resumes with the same numbers, and threads don't affect one another's. The generator is SplitMix64 (Steele, Lea and Flood,
/// "Fast Splittable Pseudorandom Number Generators", 2014).
/// </summary>
internal struct RandomStream
{
    private ulong _state;

    public RandomStream(int seed, RandomPurpose purpose, long first, long second = 0)
    {
        foreach (var part in (ReadOnlySpan<long>)[seed, (long)purpose, first, second])
            _state = Mix(_state + (ulong)part + 0x9E3779B97F4A7C15);
    }

    /// <summary>64 random bits.</summary>
    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>A uniform random number from 0 to below 1.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A uniform random number between two bounds.</summary>
    public double Between(double low, double high) => low + (high - low) * NextDouble();

    /// <summary>A uniform random integer from 0 to below a positive bound.</summary>
    public int Below(int bound) => (int)(NextDouble() * bound);

    /// <summary>Shuffles items (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
