namespace FerMl.Experiments;

/// <summary>How the epoch budget is distributed over trials.</summary>
public enum ScheduleKind
{
    /// <summary>Trains every trial to the end.</summary>
    None,

    /// <summary>
    /// Trains trials for a few epochs and continues only the best (asynchronous successive halving: Li et al., "A System for Massively
    /// Parallel Hyperparameter Tuning", 2020).
    /// </summary>
    SuccessiveHalving,

    /// <summary>
    /// Successive halving in several brackets that each start with more epochs (Li et al., "Hyperband", 2018), for cases where the first
    /// epochs are a poor predictor.
    /// </summary>
    Hyperband,
}
