namespace FerMl.Benchmarking;

/// <summary>One comparison of successive halving with random search.</summary>
/// <param name="Seed">The random seed.</param>
/// <param name="Epochs">Epochs that halving used, which is also the budget of random search.</param>
/// <param name="Halving">Accuracy of halving's best model on separate test faces.</param>
/// <param name="RandomTrials">Number of random search's trials.</param>
/// <param name="Random">Accuracy of random search's best model on the same test faces.</param>
internal sealed record SearchComparison(int Seed, int Epochs, double Halving, int RandomTrials, double Random);
