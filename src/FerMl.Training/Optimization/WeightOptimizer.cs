using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// Changes a network's weights by their gradients. The rules are those of torch.optim; TorchSharp's own optimizers can't save their state
/// for weights in channels-last order, and a training that goes on after being killed needs it (docs/decisions/0013). Weight decay holds
/// for weights only: norms and biases are left out (He et al., "Bag of Tricks for Image Classification", 2019, 3.1).
/// </summary>
internal sealed class WeightOptimizer : IDisposable
{
    private readonly EmotionTrainerOptions _options;
    private readonly List<(Parameter Weight, Tensor First, Tensor? Second, bool IsDecayed)> _weights = [];
    private readonly Dictionary<string, Tensor> _state = [];

    public WeightOptimizer(FaceNetwork network, EmotionTrainerOptions options)
    {
        _options = options;
        foreach (var (name, weight) in network.named_parameters())
        {
            var first = Zeros(weight, $"{name}/first");
            var second = options.Optimizer == OptimizerKind.Sgd ? null : Zeros(weight, $"{name}/second");
            _weights.Add((weight, first, second, weight.dim() > 1 && options.WeightDecay > 0));
        }
    }

    /// <summary>Steps done; a part of the state.</summary>
    public long Steps { get; set; }

    /// <summary>
    /// Momentum, or first and second moments, by the names of the weights; to be saved and put back with <see cref="Steps"/>.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> State => _state;

    /// <summary>Forgets the gradients.</summary>
    public void ZeroGradients()
    {
        foreach (var (weight, _, _, _) in _weights)
            weight.grad = null;
    }

    /// <summary>Changes all weights that have a gradient.</summary>
    public void Step(double learningRate)
    {
        Steps++;
        using var noGrad = no_grad();
        using var rates = new Rates(learningRate, Steps, _options);
        foreach (var (weight, first, second, isDecayed) in _weights)
        {
            if (weight.grad is not { } gradient)
                continue;
            using var scope = NewDisposeScope();
            if (isDecayed && _options.Optimizer == OptimizerKind.AdamW)
                weight.mul_(rates.Shrinking);
            else if (isDecayed)
                gradient = gradient.add(weight, alpha: rates.Decay);
            if (second is null)
                Descend(weight, gradient, first, rates);
            else
                Adapt(weight, gradient, first, second, rates);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _state.Values)
            tensor.Dispose();
    }

    /// <summary>Nesterov's momentum, as in torch.optim.SGD.</summary>
    private static void Descend(Tensor weight, Tensor gradient, Tensor momentum, Rates rates)
    {
        momentum.mul_(rates.Momentum).add_(gradient, alpha: Numbers.One);
        weight.add_(gradient, alpha: rates.Down).add_(momentum, alpha: rates.DownMomentum);
    }

    /// <summary>
    /// Adam (Kingma and Ba, 2015, algorithm 1); its decay apart from the gradient is that of Loshchilov and Hutter (2019, algorithm 2).
    /// </summary>
    private static void Adapt(Tensor weight, Tensor gradient, Tensor first, Tensor second, Rates rates)
    {
        first.mul_(rates.Beta1).add_(gradient, alpha: rates.RestOfBeta1);
        second.mul_(rates.Beta2).addcmul_(gradient, gradient, rates.RestOfBeta2);
        var spread = second.sqrt().div_(rates.SecondCorrection).add_(rates.Epsilon, Numbers.One);
        weight.addcdiv_(first, spread, rates.DownCorrected);
    }

    private Tensor Zeros(Parameter weight, string name)
    {
        // Of the weight's shape, order in memory and device.
        var zeros = zeros_like(weight).DetachFromDisposeScope();
        _state.Add(name, zeros);
        return zeros;
    }

    /// <summary>The numbers of one step, held while libtorch reads them (see <see cref="Numbers"/>).</summary>
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

        public void Dispose()
        {
            foreach (var number in (Scalar[])[
                Decay, Shrinking, Momentum, Down, DownMomentum, Beta1, RestOfBeta1, Beta2, RestOfBeta2, SecondCorrection, Epsilon,
                    DownCorrected])
                number.Dispose();
        }
    }
}
