using TorchSharp;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// Accumulates loss and correct predictions on the compute device. Reading them waits for the device, which then idles until the next step
/// arrives; so on a GPU they are read only every few steps.
/// </summary>
internal sealed class TrainingMeter : IDisposable
{
    private const int StepsOnGpu = 50;

    private readonly Tensor _loss;
    private readonly Tensor _correct;
    private int _seen;

    /// <param name="device">The network's device.</param>
    public TrainingMeter(Device device)
    {
        _loss = zeros([], ScalarType.Float32, device).DetachFromDisposeScope();
        _correct = zeros([], ScalarType.Int64, device).DetachFromDisposeScope();
    }

    /// <summary>Number of steps between two readings: one on a CPU, where reading doesn't wait.</summary>
    public static int StepsBetweenReadings(TrainingExecutionOptions execution, Device device) => execution.ReportEverySteps switch
    {
        > 0 and var steps => steps,
        _ => device.type == DeviceType.CPU ? 1 : StepsOnGpu,
    };

    /// <summary>Adds a step. The caller must have an open dispose scope.</summary>
    /// <param name="loss">Mean loss of the batch, a scalar.</param>
    /// <param name="logits">[batch, classes].</param>
    /// <param name="labels">[batch], on the same device.</param>
    public void Add(Tensor loss, Tensor logits, Tensor labels)
    {
        using var noGrad = no_grad();
        using Scalar faces = labels.shape[0];
        _loss.add_(loss, alpha: faces);
        _correct.add_(logits.argmax(1).eq(labels).sum(), alpha: Scalars.One);
        _seen += (int)labels.shape[0];
    }

    /// <summary>The totals since the last reading: sum of the faces' losses, correct predictions, number of faces.</summary>
    public (double LossSum, long Correct, int Seen) Read()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var read = ((double)_loss.item<float>(), _correct.item<long>(), _seen);
        _loss.zero_();
        _correct.zero_();
        _seen = 0;
        return read;
    }

    public void Dispose()
    {
        _loss.Dispose();
        _correct.Dispose();
    }
}
