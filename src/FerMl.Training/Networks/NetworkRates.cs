namespace FerMl.Training;

/// <summary>What keeps a preset's network from learning its training faces by heart; none of it is in the trained model.</summary>
/// <param name="Dropout">Dropout before the network's end, 0 up to but not 1.</param>
/// <param name="BlockDropout">Dropout in each residual block, 0 up to but not 1.</param>
/// <param name="StochasticDepth">Probability that the last residual block is left out for a face, 0 up to but not 1; blocks before it are
/// left out in proportion to their depth.</param>
public readonly record struct NetworkRates(double Dropout, double BlockDropout = 0, double StochasticDepth = 0)
{
    /// <summary>A residual block with these rates.</summary>
    /// <param name="channels">Its channels.</param>
    /// <param name="stride">Its stride.</param>
    /// <param name="number">Which of the blocks it is, from 1.</param>
    /// <param name="blocks">Number of the network's blocks: the rule of linear decay (Huang et al., "Deep Networks with Stochastic Depth",
    /// 2016, equation 4).</param>
    internal Residual Block(int channels, int stride, int number, int blocks) =>
        new(channels, stride, BlockDropout, StochasticDepth * number / blocks);
}
