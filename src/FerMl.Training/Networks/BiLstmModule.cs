using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>
/// The trainable module of <see cref="BiLstm"/>: [batch, steps, features] to [batch, steps, 2 * hidden]. It has the parameters of
/// <c>nn.LSTM</c> under the same names. It runs <c>nn.LSTM</c> in float32, except for bfloat16 on CPUs, which libtorch computes one number
/// at a time: there it runs <see cref="LstmRecurrence"/>.
/// </summary>
internal sealed class BiLstmModule : Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.LSTM lstm;
    private readonly int _hidden;

    public BiLstmModule(int features, int hidden) : base(nameof(BiLstm))
    {
        _hidden = hidden;
        lstm = LSTM(features, hidden, batchFirst: true, bidirectional: true);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) =>
        input.dtype == ScalarType.Float32 || input.device_type != TorchSharp.DeviceType.CPU || _hidden % LstmCells.Width != 0
        ? Library(input) : Recurrence(input);

    /// <summary>
    /// Runs <c>nn.LSTM</c> on a sequence. It always records gradients: libtorch's kernel without them gives wrong states on some machines
    /// (docs/development/decisions/training-speed.md).
    /// </summary>
    public Tensor Library(Tensor input)
    {
        var isRecording = is_grad_enabled();
        using var recording = enable_grad();
        var (states, hidden, cell) = lstm.forward(input.to(ScalarType.Float32));
        hidden.Dispose();
        cell.Dispose();
        if (isRecording)
            return states.to(input.dtype);
        using (states)
            return states.detach().to(input.dtype);
    }

    /// <summary>Runs FerMl's own recurrence, in the input's precision.</summary>
    public Tensor Recurrence(Tensor input)
    {
        var type = input.dtype;
        var biases = Both("bias_ih_l0").add(Both("bias_hh_l0"), Scalars.One);
        var states = LstmRecurrence.Apply(
            input.transpose(0, 1), Both("weight_ih_l0").to(type), Both("weight_hh_l0").to(type), biases.to(type));
        return states.transpose(0, 1);
    }

    private Tensor Both(string name) => stack([lstm.get_parameter(name)!, lstm.get_parameter(name + "_reverse")!]);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            lstm.Dispose();
        base.Dispose(disposing);
    }
}
