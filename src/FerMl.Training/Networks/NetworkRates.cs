namespace FerMl.Training;

/// <summary>The dropout rates of a preset's network, which reduce overfitting; the trained model has no dropout.</summary>
/// <param name="Dropout">Dropout rate at the end of the network, 0 to below 1.</param>
/// <param name="BlockDropout">Dropout rate in each residual block, 0 to below 1.</param>
public readonly record struct NetworkRates(double Dropout, double BlockDropout = 0);
