namespace FerMl.Training;

/// <summary>The nonlinearities that the paper mentions.</summary>
public enum ActivationKind
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>x for x above 0, else exp(x) - 1.</summary>
    Elu,
}
