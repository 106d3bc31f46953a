namespace FerMl.Training;

/// <summary>
/// Random numbers that are a function of what they are for: (seed, purpose, epoch, face). Nothing has to be carried from step to step, so
/// a training that was interrupted is resumed with the numbers it would have had, and threads can't disturb one another's.
/// The generator is SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
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

    /// <summary>Evenly from 0 up to but not 1.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Evenly between two bounds.</summary>
    public double Between(double low, double high) => low + (high - low) * NextDouble();

    /// <summary>Evenly from 0 up to but not a bound above 0.</summary>
    public int Below(int bound) => (int)(NextDouble() * bound);

    /// <summary>Puts items in random order (Fisher and Yates).</summary>
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
