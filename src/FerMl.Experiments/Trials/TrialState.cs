namespace FerMl.Experiments;

/// <summary>The state of a trial.</summary>
public enum TrialState
{
    /// <summary>A worker runs it.</summary>
    Running,

    /// <summary>It waits for a worker to start or resume it.</summary>
    Waiting,

    /// <summary>It reached a rung and continues only if it is among the best there.</summary>
    Paused,

    /// <summary>It was trained to the end.</summary>
    Completed,

    /// <summary>It failed.</summary>
    Failed,
}
