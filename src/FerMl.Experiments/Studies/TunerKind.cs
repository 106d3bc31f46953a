namespace FerMl.Experiments;

/// <summary>How configurations are chosen.</summary>
public enum TunerKind
{
    /// <summary>By the tree-structured Parzen estimator: <see cref="TpeTuner"/>.</summary>
    Tpe,

    /// <summary>At random: <see cref="RandomTuner"/>.</summary>
    Random,

    /// <summary>Every combination: <see cref="GridTuner"/>.</summary>
    Grid,

    /// <summary>By a tuner that workers bring: <see cref="StudyWorkerOptions.Tuner"/>.</summary>
    Custom,
}
