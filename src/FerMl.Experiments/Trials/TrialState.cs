namespace FerMl.Experiments;

/// <summary>Where a trial stands.</summary>
public enum TrialState
{
    /// <summary>A worker is at it.</summary>
    Running,

    /// <summary>It waits to be resumed: for its turn, or since its worker died.</summary>
    Waiting,

    /// <summary>It was trained to a rung and continues only if it is among the best there.</summary>
    Paused,

    /// <summary>It was trained to the end.</summary>
    Completed,

    /// <summary>It failed.</summary>
    Failed,
}
