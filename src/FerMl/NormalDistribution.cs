namespace FerMl;

/// <summary>Random numbers of the standard normal distribution.</summary>
internal static class NormalDistribution
{
    /// <summary>A random number with mean 0 and standard deviation 1 (Box and Muller, "A Note on the Generation of Random Normal Deviates",
    /// 1958).</summary>
    /// <param name="first">A uniform random number in [0, 1).</param>
    /// <param name="second">Another uniform random number.</param>
    public static double Draw(double first, double second) => Math.Sqrt(-2 * Math.Log(1 - first)) * Math.Cos(2 * Math.PI * second);
}
