using System.ComponentModel.DataAnnotations;
using FerMl.Training;

namespace FerMl.Detection;

/// <summary>Options of training the face detector.</summary>
public sealed record DetectorTrainerOptions
{
    /// <summary>Training steps of the network that proposes faces, 0 to 1,000,000. Default: 14,000.</summary>
    [Range(0, 1_000_000)]
    public int ProposalSteps { get; init; } = 14_000;

    /// <summary>Training steps of the network that verifies them, 0 to 1,000,000. Default: 6,000.</summary>
    [Range(0, 1_000_000)]
    public int VerificationSteps { get; init; } = 6_000;

    /// <summary>Scenes per batch of the first network, 1 to 1,024. Default: 24.</summary>
    [Range(1, 1_024)]
    public int BatchSize { get; init; } = 24;

    /// <summary>Maximum learning rate, above 0 and at most 1. It decays to 0 along half a cosine. Default: 0.002.</summary>
    [Range(1e-6, 1)]
    public double LearningRate { get; init; } = 0.002;

    /// <summary>A detector's file whose weights to start from, or null to start from scratch. Default: null.</summary>
    public string? StartFrom { get; init; }

    /// <summary>The random seed. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The precision of training. Default: chosen by the processor.</summary>
    public Precision Precision { get; init; }
}
