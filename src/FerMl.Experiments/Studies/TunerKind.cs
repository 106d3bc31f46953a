namespace FerMl.Experiments;

/// <summary>How configurations are chosen.</summary>
public enum TunerKind
{
    /// <summary>The tree-structured Parzen estimator: <see cref="TpeTuner"/>.</summary>
    Tpe,

    /// <summary>Random search: <see cref="RandomTuner"/>.</summary>
    Random,

    /// <summary>Grid search: <see cref="GridTuner"/>.</summary>
    Grid,

    /// <summary>A custom tuner of the workers: <see cref="StudyWorkerOptions.Tuner"/>.</summary>
    Custom,
}
