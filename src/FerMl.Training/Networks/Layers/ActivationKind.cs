namespace FerMl.Training;

/// <summary>The functions of <see cref="Activation"/>.</summary>
public enum ActivationKind
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>x for x above 0, else exp(x) - 1.</summary>
    Elu,
}
