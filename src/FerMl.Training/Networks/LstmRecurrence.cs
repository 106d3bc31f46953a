using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// A bidirectional LSTM with an explicit derivative, for CPUs, where libtorch runs bfloat16 on a slow reference kernel. Both directions
/// form one batch. Everything that doesn't depend on the previous step is one matrix product over all steps: the input's part of the gates
/// and, in the backward pass, the gradients of both weights and of the input. Each step is only a small product and
/// <see cref="LstmCells"/>. Cells and gates are float32. The equations are those of <c>torch.nn.LSTM</c>.
/// </summary>
internal sealed class LstmRecurrence : autograd.SingleTensorFunction<LstmRecurrence>
{
    private const int Gates = 4;

    /// <inheritdoc/>
    public override string Name => nameof(LstmRecurrence);

    /// <param name="input">[steps, batch, features].</param>
    /// <param name="inputWeights">[2, 4 * hidden, features], forward direction first; the gates in torch's order.</param>
    /// <param name="hiddenWeights">[2, 4 * hidden, hidden]; hidden is a multiple of <see cref="LstmCells.Width"/>.</param>
    /// <param name="biases">[2, 4 * hidden].</param>
    /// <returns>[steps, batch, 2 * hidden].</returns>
    public static Tensor Apply(Tensor input, Tensor inputWeights, Tensor hiddenWeights, Tensor biases) =>
        apply(input, inputWeights, hiddenWeights, biases);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (input, inputWeights, hiddenWeights, biases) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3]);
        var (steps, batch, features, hidden) = ((int)input.shape[0], (int)input.shape[1], input.shape[2], (int)hiddenWeights.shape[2]);
        var type = input.dtype;

        var sequences = stack([input, input.flip(0)]).view(2, steps * batch, features);
        var inputShare = sequences.baddbmm(inputWeights.transpose(1, 2), biases.unsqueeze(2).transpose(1, 2))
            .view(2, steps, batch, Gates * hidden);
        var recurrent = hiddenWeights.transpose(1, 2);

        var gates = empty([steps, 2, batch, Gates * hidden], ScalarType.Float32, CPU);
        var cells = empty([steps + 1, 2, batch, hidden], ScalarType.Float32, CPU);
        var squashed = empty([steps, 2, batch, hidden], ScalarType.Float32, CPU);
        var fresh = empty([2, batch, hidden], ScalarType.Float32, CPU);
        var states = empty([steps + 1, 2, batch, hidden], type, CPU);
        var (share, gate, cell, squash, state) =
            (inputShare.unbind(1), gates.unbind(0), cells.unbind(0), squashed.unbind(0), states.unbind(0));
        cell[0].zero_();
        state[0].zero_();
        for (var t = 0; t < steps; t++)
        {
            using var one = NewDisposeScope();
            gate[t].copy_(state[t].baddbmm(recurrent, share[t]));
            LstmCells.Forward(hidden, Floats(gate[t]), Floats(cell[t]), Floats(cell[t + 1]), Floats(squash[t]), Floats(fresh));
            state[t + 1].copy_(fresh);
        }
        ctx.save_for_backward([sequences, inputWeights, hiddenWeights, gates, cells, squashed, states]);
        foreach (var kept in (Tensor[])[sequences, gates, cells, squashed, states])
            kept.MoveToOuterDisposeScope();

        var after = states.narrow(0, 1, steps);
        return cat([after.select(1, 0), after.select(1, 1).flip(0)], 2).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (sequences, inputWeights, hiddenWeights, gates, cells, squashed, states) =
            (saved[0], saved[1], saved[2], saved[3], saved[4], saved[5], saved[6]);
        var (steps, batch, hidden, features) =
            ((int)squashed.shape[0], (int)squashed.shape[2], (int)squashed.shape[3], inputWeights.shape[2]);

        var outside = stack([grad_output.narrow(2, 0, hidden), grad_output.narrow(2, hidden, hidden).flip(0)], 1).unbind(0);
        var slopes = empty([2, steps, batch, Gates * hidden], sequences.dtype, CPU);
        var (gate, cell, squash, rounded) = (gates.unbind(0), cells.unbind(0), squashed.unbind(0), slopes.unbind(1));
        var slope = empty([2, batch, Gates * hidden], ScalarType.Float32, CPU);
        var ofState = outside[^1].to(ScalarType.Float32);
        var ofCell = zeros([2, batch, hidden], ScalarType.Float32, CPU);
        for (var t = steps - 1; t >= 0; t--)
        {
            using var one = NewDisposeScope();
            LstmCells.Backward(hidden, Floats(gate[t]), Floats(cell[t]), Floats(squash[t]), Floats(ofState), Floats(ofCell), Floats(slope));
            rounded[t].copy_(slope);
            if (t > 0)
                ofState.copy_(rounded[t].baddbmm(hiddenWeights, outside[t - 1]));
        }

        var flat = slopes.view(2, steps * batch, Gates * hidden);
        var before = states.narrow(0, 0, steps).transpose(0, 1).contiguous().view(2, steps * batch, hidden);
        var ofSequences = bmm(flat, inputWeights).view(2, steps, batch, features);
        List<Tensor> gradients =
        [
            ofSequences[0].add(ofSequences[1].flip(0), Scalars.One),
            bmm(flat.transpose(1, 2), sequences),
            bmm(flat.transpose(1, 2), before),
            flat.sum(1),
        ];
        gradients.ForEach(gradient => gradient.MoveToOuterDisposeScope());
        return gradients;
    }

    /// <summary>The numbers of a contiguous float32 tensor, without a copy.</summary>
    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
