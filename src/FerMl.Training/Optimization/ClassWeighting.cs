namespace FerMl.Training;

/// <summary>How much a face counts in the loss by its class, to make up for rare classes.</summary>
public enum ClassWeighting
{
    /// <summary>All faces count alike; the paper's.</summary>
    None,

    /// <summary>By 1 / (faces of its class).</summary>
    InverseFrequency,

    /// <summary>
    /// By 1 / (effective number of faces of its class), (1 - b^n) / (1 - b) with b = 0.999 (Cui et al., "Class-Balanced Loss Based on
    /// Effective Number of Samples", 2019, equation 2).
    /// </summary>
    EffectiveNumber,
}
