namespace FerMl.Training;

/// <summary>The rules by which gradients change weights.</summary>
public enum OptimizerKind
{
    /// <summary>Adam (Kingma and Ba, 2015), with its own constants; the paper's. Weight decay is added to the gradient.</summary>
    Adam,

    /// <summary>Adam with weight decay apart from the gradient (Loshchilov and Hutter, 2019).</summary>
    AdamW,

    /// <summary>Stochastic gradient descent with Nesterov's momentum (Sutskever et al., 2013).</summary>
    Sgd,
}
