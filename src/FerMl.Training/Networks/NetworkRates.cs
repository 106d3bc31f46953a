namespace FerMl.Training;

/// <summary>The dropout rates of a preset's network, which keep it from overfitting; none of it is in the trained model.</summary>
/// <param name="Dropout">Dropout before the network's end, 0 up to but not 1.</param>
/// <param name="BlockDropout">Dropout in each residual block, 0 up to but not 1.</param>
public readonly record struct NetworkRates(double Dropout, double BlockDropout = 0);
