namespace FerMl.Benchmarking;

/// <summary>One comparison of successive halving with random search.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Epochs">Epochs that halving took, and that random search was given.</param>
/// <param name="Halving">Accuracy of the best model that halving found, on faces of its own.</param>
/// <param name="RandomTrials">Trials of random search.</param>
/// <param name="Random">Accuracy of its best model.</param>
internal sealed record SearchComparison(int Seed, int Epochs, double Halving, int RandomTrials, double Random);
