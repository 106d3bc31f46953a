using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>
/// A network definition with weights: pixel values [batch, 1, 48, 48] in, logits [batch, classes] out, in training followed by those of the
/// auxiliary head. The weights are float32. The computation uses <see cref="ComputeType"/>, except for batch statistics, sums over a
/// sequence, and the classifier and everything after it.
/// </summary>
internal sealed class FaceNetwork : Module<Tensor, Tensor>
{
    /// <summary>Prefix of the classifier's weight names.</summary>
    public const string Classifier = "classifier";

    /// <summary>Prefix of the auxiliary head's weight names.</summary>
    public const string Auxiliary = "auxiliary";

    private readonly LayerStack _features;
    private readonly Module<Tensor, Tensor> _classifier;
    private readonly Module<Tensor, Tensor>? _auxiliary;
    private readonly Layer _dense;
    private readonly Scalar _mean;
    private readonly Scalar _deviation;

    /// <param name="definition">The layers.</param>
    /// <param name="classes">Number of labels.</param>
    /// <param name="mean">Mean pixel value of the training faces.</param>
    /// <param name="standardDeviation">Standard deviation of their pixel values, above 0.</param>
    /// <param name="auxiliaryClasses">Number of labels of the auxiliary head; 0 for none.</param>
    public FaceNetwork(NetworkDefinition definition, int classes, float mean, float standardDeviation, int auxiliaryClasses = 0)
        : base(definition.Name)
    {
        (Definition, Mean, StandardDeviation) = (definition, mean, standardDeviation);
        (_mean, _deviation) = (mean, standardDeviation);
        IReadOnlyList<int> face = [1, FaceResampler.Side, FaceResampler.Side];
        var vector = definition.Layers.Aggregate(face, (shape, layer) => layer.OutputShape(shape));
        _features = new LayerStack(definition.Layers, face);
        _dense = new Dense(classes);
        _classifier = _dense.Build(vector);
        register_module("features", _features);
        register_module(Classifier, _classifier);
        if (auxiliaryClasses > 0)
            register_module(Auxiliary, _auxiliary = new Dense(auxiliaryClasses).Build(vector));
    }

    public NetworkDefinition Definition { get; }
    public float Mean { get; }
    public float StandardDeviation { get; }

    /// <summary>The module of the last layer, which outputs the logits.</summary>
    public Module<Tensor, Tensor> Classification => _classifier;

    /// <summary>The number type of the layers before the classifier.</summary>
    public ScalarType ComputeType { get; set; } = ScalarType.Float32;

    /// <summary>All layers with their modules, in order, including the classifier.</summary>
    public ImmutableArray<(Layer Layer, Module<Tensor, Tensor> Module)> Steps => _features.Steps.Add((_dense, _classifier));

    /// <summary>Number of parameters of the saved model, without those of the auxiliary head.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel()) - (_auxiliary?.parameters().Sum(p => p.numel()) ?? 0);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = ChannelsLast.OfGray(input.sub(_mean).div(_deviation).to(ComputeType));
        x = _features.forward(x).to(ScalarType.Float32);
        var logits = _classifier.forward(x);
        if (_auxiliary is not null && training)
            logits = cat([logits, _auxiliary.forward(x)], 1);
        return logits.MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _mean.Dispose();
            _deviation.Dispose();
        }
        base.Dispose(disposing);
    }
}
