namespace FerMl.Experiments;

/// <summary>How far trials are trained.</summary>
public enum ScheduleKind
{
    /// <summary>All to the end.</summary>
    None,

    /// <summary>
    /// Few epochs first, and only the best of them further (asynchronous successive halving: Li et al., "A System for Massively Parallel
    /// Hyperparameter Tuning", 2020).
    /// </summary>
    SuccessiveHalving,

    /// <summary>
    /// Successive halving in several brackets that begin with more epochs each (Li et al., "Hyperband", 2018), for where the first epochs
    /// say little.
    /// </summary>
    Hyperband,
}
