using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>The training loss: cross-entropy against target probabilities, weighted by class and by focal loss.</summary>
internal sealed class TrainingObjective : IDisposable
{
    private const double EffectiveNumberBase = 0.999;

    private const float MinDoubt = 1e-6f;

    private readonly Scalar? _focalGamma;
    private readonly Scalar? _certain;
    private readonly Scalar? _sharp;
    private readonly Scalar? _spread;
    private readonly Scalar? _auxiliarySpread;
    private readonly int _classes;
    private readonly Tensor? _classWeights;

    /// <param name="options">The training options.</param>
    /// <param name="classCounts">Number of training faces of each class.</param>
    /// <param name="device">The logits' device.</param>
    public TrainingObjective(EmotionTrainerOptions options, IReadOnlyList<int> classCounts, Device device)
    {
        var auxiliary = SoftTargets.AuxiliaryClasses(options);
        if (options.FocalGamma > 0)
            _focalGamma = options.FocalGamma;
        // Below 1, the power's derivative is unbounded for faces that are classified with certainty.
        if (options.FocalGamma is > 0 and < 1)
            _certain = 1 + MinDoubt;
        if (options.LabelSmoothing > 0)
            (_sharp, _spread) = (1 - options.LabelSmoothing, options.LabelSmoothing / classCounts.Count);
        if (options.LabelSmoothing > 0 && auxiliary > 0)
            _auxiliarySpread = options.LabelSmoothing / auxiliary;
        _classes = classCounts.Count;
        if (Weights(options.ClassWeighting, classCounts) is { } weights)
            _classWeights = tensor((float[])[.. weights, .. Enumerable.Repeat(1f, auxiliary)], device: device).DetachFromDisposeScope();
    }

    /// <summary>The mean loss of a batch, a scalar.</summary>
    /// <param name="logits">[batch, classes], the model's own followed by those of an auxiliary head.</param>
    /// <param name="targets">Target probabilities of the same shape.</param>
    public Tensor Of(Tensor logits, Tensor targets)
    {
        var weighted = _sharp is null || _spread is null ? targets
            : _auxiliarySpread is null ? targets.mul(_sharp).add(_spread, Scalars.One)
            : targets.mul(_sharp) + Spread(targets);
        if (_classWeights is not null)
            weighted = weighted * _classWeights;
        var logProbabilities = functional.log_softmax(logits, 1);
        var terms = weighted * logProbabilities;
        // Lin et al., "Focal Loss for Dense Object Detection", 2017, equation 4.
        if (_focalGamma is not null)
            terms = terms * logProbabilities.exp().neg().add(_certain ?? Scalars.One, Scalars.One).pow(_focalGamma);
        return _classWeights is null ? terms.sum(1).mean().neg() : terms.sum().neg() / weighted.sum();
    }

    /// <summary>Each head's target probability, spread over its classes.</summary>
    private Tensor Spread(Tensor targets)
    {
        var (own, further) = (targets.narrow(1, 0, _classes), targets.narrow(1, _classes, targets.shape[1] - _classes));
        return cat([Over(own, _spread!), Over(further, _auxiliarySpread!)], 1);

        static Tensor Over(Tensor part, Scalar spread) => part.sum(1, keepdim: true).mul(spread).expand_as(part);
    }

    public void Dispose()
    {
        _auxiliarySpread?.Dispose();
        _classWeights?.Dispose();
        _focalGamma?.Dispose();
        _certain?.Dispose();
        _sharp?.Dispose();
        _spread?.Dispose();
    }

    /// <summary>
    /// The class weights, scaled so that their mean over all faces is 1; null without weighting. A class without faces gets the smallest
    /// weight.
    /// </summary>
    public static float[]? Weights(ClassWeighting weighting, IReadOnlyList<int> counts)
    {
        if (weighting == ClassWeighting.None)
            return null;
        var raw = counts.Select(count => 1 / (weighting == ClassWeighting.InverseFrequency
            ? count
            : (1 - Math.Pow(EffectiveNumberBase, count)) / (1 - EffectiveNumberBase))).ToArray();
        var smallest = raw.Where(double.IsFinite).Min();
        raw = Array.ConvertAll(raw, weight => double.IsFinite(weight) ? weight : smallest);
        var mean = raw.Zip(counts, (weight, count) => weight * count).Sum() / counts.Sum();
        return Array.ConvertAll(raw, weight => (float)(weight / mean));
    }
}
