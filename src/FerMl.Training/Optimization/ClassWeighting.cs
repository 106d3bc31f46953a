namespace FerMl.Training;

/// <summary>How the loss weights faces by class, to compensate for rare classes.</summary>
public enum ClassWeighting
{
    /// <summary>All faces have the same weight, as in the paper.</summary>
    None,

    /// <summary>Proportional to 1 / (faces of the class).</summary>
    InverseFrequency,

    /// <summary>
    /// Proportional to 1 / (effective number of faces of the class), (1 - b^n) / (1 - b) with b = 0.999 (Cui et al., "Class-Balanced Loss
    /// Based on Effective Number of Samples", 2019, equation 2).
    /// </summary>
    EffectiveNumber,
}
