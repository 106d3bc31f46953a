namespace FerMl.Training;

/// <summary>The optimizers.</summary>
public enum OptimizerKind
{
    /// <summary>Adam (Kingma and Ba, 2015) with default constants, as in the paper. Weight decay is added to the gradient.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019).</summary>
    AdamW,

    /// <summary>Stochastic gradient descent with Nesterov momentum (Sutskever et al., 2013).</summary>
    Sgd,
}
