using TorchSharp;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// Changes a network's weights by their gradients. The rules are those of torch.optim; TorchSharp's own optimizers can't save their state
/// for weights in channels-last order, and a training that is resumed after being killed needs it
/// (docs/development/decisions/training-speed.md). Weight decay holds for weights only: norms and biases are left out (He et al., "Bag of
/// Tricks for Image Classification", 2019, 3.1).
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

    /// <summary>Steps done; a part of the state.</summary>
    public long Steps { get; set; }

    /// <summary>
    /// Momentum, or first and second moments, by the names of the weights; to be saved and put back with <see cref="Steps"/>.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> State => _state;

    /// <summary>Sets the gradients to zero; the next backward pass adds to them.</summary>
    public void ZeroGradients()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _flat.Gradients.zero_();
    }

    /// <summary>Changes all weights. It spoils the gradients.</summary>
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

    /// <summary>Shortens the gradients as <c>clip_grad_norm_</c> does, without waiting for the device to tell how long they were.</summary>
    private static void Clip(Tensor gradients, Rates rates) =>
        gradients.mul_(
            gradients.norm().add_(rates.SmallestNorm, Scalars.One).reciprocal_().mul_(rates.LongestNorm).clamp_max_(Scalars.One));

    /// <summary>Nesterov's momentum, as in torch.optim.SGD.</summary>
    private static void Descend(Tensor weight, Tensor gradient, Tensor momentum, Rates rates)
    {
        momentum.mul_(rates.Momentum).add_(gradient, alpha: Scalars.One);
        weight.add_(gradient, alpha: rates.Down).add_(momentum, alpha: rates.DownMomentum);
    }

    /// <summary>
    /// Adam (Kingma and Ba, 2015, algorithm 1); its decay apart from the gradient is that of Loshchilov and Hutter (2019, algorithm 2).
    /// </summary>
    private static void Adapt(Tensor weight, Tensor gradient, Tensor first, Tensor second, Rates rates)
    {
        first.mul_(rates.Beta1).add_(gradient, alpha: rates.RestOfBeta1);
        second.mul_(rates.Beta2).addcmul_(gradient, gradient, rates.RestOfBeta2);
        var spread = second.sqrt().div_(rates.SecondCorrection).add_(rates.Epsilon, Scalars.One);
        weight.addcdiv_(first, spread, rates.DownCorrected);
    }

    /// <summary>The numbers of one step, held while libtorch reads them (see <see cref="Scalars"/>).</summary>
    private sealed class Rates(double rate, long steps, EmotionTrainerOptions options) : IDisposable
    {
        // Adam's constants, as its authors have them.
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
