using TorchSharp;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// Updates a network's weights from their gradients, by the rules of torch.optim. TorchSharp's own optimizers can't save their state for
/// channels-last weights, which resuming a training requires (docs/development/decisions/training-speed.md). Normalization parameters and
/// biases have no weight decay (He et al., "Bag of Tricks for Image Classification", 2019, 3.1).
/// </summary>
internal sealed class WeightOptimizer : IDisposable
{
    private readonly EmotionTrainerOptions _options;
    private readonly FlatWeights _flat;
    private readonly Tensor _first;
    private readonly Tensor? _second;
    private readonly Dictionary<string, Tensor> _state;

    public WeightOptimizer(FlatWeights weights, EmotionTrainerOptions options)
    {
        (_flat, _options) = (weights, options);
        _first = zeros_like(weights.Gradients).DetachFromDisposeScope();
        _second = options.Optimizer == OptimizerKind.Sgd ? null : zeros_like(weights.Gradients).DetachFromDisposeScope();
        _state = Named(_first, "first").Concat(_second is null ? [] : Named(_second, "second")).ToDictionary();

        IEnumerable<KeyValuePair<string, Tensor>> Named(Tensor moments, string kind) =>
            weights.Views(moments).Select(view => KeyValuePair.Create($"{view.Key}/{kind}", view.Value));
    }

    /// <summary>Number of steps; part of the state.</summary>
    public long Steps { get; set; }

    /// <summary>
    /// Momentum, or first and second moments, by the names of the weights; saved and restored together with <see cref="Steps"/>.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> State => _state;

    /// <summary>Sets the gradients to zero; the next backward pass adds to them.</summary>
    public void ZeroGradients()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _flat.Gradients.zero_();
    }

    /// <summary>Updates all weights. It modifies the gradients.</summary>
    public void Step(double learningRate)
    {
        Steps++;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var rates = new Rates(learningRate, Steps, _options);
        var (weights, gradients) = (_flat.All.narrow(0, 0, _flat.WeightsLength), _flat.Gradients);
        if (_options.GradientClipNorm > 0)
            Clip(gradients, rates);
        if (_options.WeightDecay > 0 && _flat.DecayedLength > 0)
        {
            var decayed = weights.narrow(0, 0, _flat.DecayedLength);
            if (_options.Optimizer == OptimizerKind.AdamW)
                decayed.mul_(rates.Shrinking);
            else
                gradients.narrow(0, 0, _flat.DecayedLength).add_(decayed, alpha: rates.Decay);
        }
        if (_second is null)
            Descend(weights, gradients, _first, rates);
        else
            Adapt(weights, gradients, _first, _second, rates);
    }

    public void Dispose()
    {
        foreach (var tensor in _state.Values)
            tensor.Dispose();
        _first.Dispose();
        _second?.Dispose();
    }

    /// <summary>Clips the gradients as <c>clip_grad_norm_</c> does, without waiting for the device to return their norm.</summary>
    private static void Clip(Tensor gradients, Rates rates) =>
        gradients.mul_(
            gradients.norm().add_(rates.SmallestNorm, Scalars.One).reciprocal_().mul_(rates.LongestNorm).clamp_max_(Scalars.One));

    /// <summary>Nesterov momentum, as in torch.optim.SGD.</summary>
    private static void Descend(Tensor weight, Tensor gradient, Tensor momentum, Rates rates)
    {
        momentum.mul_(rates.Momentum).add_(gradient, alpha: Scalars.One);
        weight.add_(gradient, alpha: rates.Down).add_(momentum, alpha: rates.DownMomentum);
    }

    /// <summary>
    /// Adam (Kingma and Ba, 2015, algorithm 1). AdamW's decoupled decay is that of Loshchilov and Hutter (2019, algorithm 2).
    /// </summary>
    private static void Adapt(Tensor weight, Tensor gradient, Tensor first, Tensor second, Rates rates)
    {
        first.mul_(rates.Beta1).add_(gradient, alpha: rates.RestOfBeta1);
        second.mul_(rates.Beta2).addcmul_(gradient, gradient, rates.RestOfBeta2);
        var spread = second.sqrt().div_(rates.SecondCorrection).add_(rates.Epsilon, Scalars.One);
        weight.addcdiv_(first, spread, rates.DownCorrected);
    }

    /// <summary>The scalars of one step, kept alive while libtorch reads them (see <see cref="Scalars"/>).</summary>
    private sealed class Rates(double rate, long steps, EmotionTrainerOptions options) : IDisposable
    {
        // Adam's default constants, from its authors.
        private const double B1 = 0.9, B2 = 0.999;

        public Scalar Decay { get; } = options.WeightDecay;
        public Scalar Shrinking { get; } = 1 - rate * options.WeightDecay;
        public Scalar Momentum { get; } = options.Momentum;
        public Scalar Down { get; } = -rate;
        public Scalar DownMomentum { get; } = -rate * options.Momentum;
        public Scalar Beta1 { get; } = B1;
        public Scalar RestOfBeta1 { get; } = 1 - B1;
        public Scalar Beta2 { get; } = B2;
        public Scalar RestOfBeta2 { get; } = 1 - B2;
        public Scalar SecondCorrection { get; } = Math.Sqrt(1 - Math.Pow(B2, steps));
        public Scalar Epsilon { get; } = 1e-8;
        public Scalar DownCorrected { get; } = -rate / (1 - Math.Pow(B1, steps));
        public Scalar LongestNorm { get; } = options.GradientClipNorm;
        public Scalar SmallestNorm { get; } = 1e-6;

        public void Dispose()
        {
            foreach (var number in (Scalar[])[
                Decay, Shrinking, Momentum, Down, DownMomentum, Beta1, RestOfBeta1, Beta2, RestOfBeta2, SecondCorrection, Epsilon,
                    DownCorrected, LongestNorm, SmallestNorm])
                number.Dispose();
        }
    }
}
