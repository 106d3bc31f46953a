using static FerMl.Training.Numbers;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// A bidirectional LSTM with its derivative written out, for precisions in which libtorch's own runs on a slow reference kernel. Both
/// directions go in one batch; everything that doesn't depend on the step before is one matrix product over all steps: the input's share
/// of the gates, and in the way back the gradients of both weights and of the input. Cells and gates are kept in single precision.
/// The equations are those of <c>torch.nn.LSTM</c>. Its tanh is computed as 2 * sigmoid(2x) - 1, so that all four gates are one sigmoid over
/// a contiguous block, which is vectorised, where a tanh over a quarter of it is not.
/// </summary>
internal sealed class LstmRecurrence : autograd.SingleTensorFunction<LstmRecurrence>
{
    private const int Gates = 4;
    private const int Input = 0, Forget = 1, Cell = 2, Output = 3;

    /// <inheritdoc/>
    public override string Name => nameof(LstmRecurrence);

    /// <param name="input">[steps, batch, features].</param>
    /// <param name="inputWeights">[2, 4 * hidden, features], forward direction first; the gates in torch's order.</param>
    /// <param name="hiddenWeights">[2, 4 * hidden, hidden].</param>
    /// <param name="biases">[2, 4 * hidden].</param>
    /// <returns>[steps, batch, 2 * hidden].</returns>
    public static Tensor Apply(Tensor input, Tensor inputWeights, Tensor hiddenWeights, Tensor biases) => apply(input, inputWeights, hiddenWeights, biases);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (input, inputWeights, hiddenWeights, biases) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3]);
        var (steps, batch, features, hidden) = (input.shape[0], input.shape[1], input.shape[2], hiddenWeights.shape[2]);
        var (type, device) = (input.dtype, input.device);

        // What the sigmoid of the cell's gate is taken of is doubled, see above.
        var twice = ones([Gates * hidden, 1], type, device);
        twice.narrow(0, Cell * hidden, hidden).fill_(Two);
        var sequences = stack([input, input.flip(0)]).view(2, steps * batch, features);
        var inputShare = sequences.baddbmm((inputWeights * twice).transpose(1, 2), (biases.unsqueeze(2) * twice).transpose(1, 2)).view(2, steps, batch, Gates * hidden);
        var recurrent = (hiddenWeights * twice).transpose(1, 2);

        var gates = empty([steps, 2, batch, Gates, hidden], ScalarType.Float32, device);
        var cells = empty([steps + 1, 2, batch, hidden], ScalarType.Float32, device);
        var squashed = empty([steps, 2, batch, hidden], ScalarType.Float32, device);
        var states = empty([steps + 1, 2, batch, hidden], type, device);
        var (share, gate, cell, squash, state) = (inputShare.unbind(1), gates.unbind(0), cells.unbind(0), squashed.unbind(0), states.unbind(0));
        var (entering, keeping, candidate, leaving) = (EachStep(gates, Input), EachStep(gates, Forget), EachStep(gates, Cell), EachStep(gates, Output));
        cell[0].zero_();
        state[0].zero_();
        for (var t = 0; t < steps; t++)
        {
            using var one = NewDisposeScope();
            gate[t].copy_(state[t].baddbmm(recurrent, share[t]).view(2, batch, Gates, hidden)).sigmoid_();
            // keep * cell + enter * (2 * s - 1)
            cell[t + 1].copy_(cell[t]).mul_(keeping[t]).addcmul_(entering[t], candidate[t], Two).add_(entering[t], MinusOne);
            squash[t].copy_(cell[t + 1]).mul_(Two).sigmoid_().mul_(Two).sub_(One);
            state[t + 1].copy_(leaving[t] * squash[t]);
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
        var (sequences, inputWeights, hiddenWeights, gates, cells, squashed, states) = (saved[0], saved[1], saved[2], saved[3], saved[4], saved[5], saved[6]);
        var (steps, batch, hidden, features) = (gates.shape[0], gates.shape[2], gates.shape[4], inputWeights.shape[2]);
        var (type, device) = (sequences.dtype, sequences.device);

        var outside = stack([grad_output.narrow(2, 0, hidden), grad_output.narrow(2, hidden, hidden).flip(0)], 1).unbind(0);
        var slopes = empty([2, steps, batch, Gates, hidden], type, device);
        var rounded = slopes.unbind(1);
        var (gate, cell, squash) = (gates.unbind(0), cells.unbind(0), squashed.unbind(0));
        var (entering, keeping, leaving) = (EachStep(gates, Input), EachStep(gates, Forget), EachStep(gates, Output));
        var candidate = gates.select(3, Cell).mul(Two).sub_(One).unbind(0);
        var slope = empty([2, batch, Gates, hidden], ScalarType.Float32, device);
        var (ofEnter, ofKeep, ofCandidate, ofLeave) = (slope.select(2, Input), slope.select(2, Forget), slope.select(2, Cell), slope.select(2, Output));
        var throughCell = slope.narrow(2, 0, Output);
        var ofCell = zeros([2, batch, hidden], ScalarType.Float32, device);
        var ofState = outside[^1].to(ScalarType.Float32);
        for (var t = (int)steps - 1; t >= 0; t--)
        {
            using var one = NewDisposeScope();
            var ofSquash = leaving[t] * ofState;
            ofCell.add_(ofSquash, One).addcmul_(ofSquash, squash[t] * squash[t], MinusOne);

            // The sigmoid's derivative s(1 - s) of every gate, times what the gate is multiplied with; tanh's is 1 - g² = 4 s(1 - s).
            slope.copy_(gate[t]).addcmul_(gate[t], gate[t], MinusOne);
            ofEnter.mul_(candidate[t]);
            ofKeep.mul_(cell[t]);
            ofCandidate.mul_(entering[t]).mul_(Four);
            throughCell.mul_(ofCell.unsqueeze(2));
            ofLeave.mul_(squash[t]).mul_(ofState);
            rounded[t].copy_(slope);

            ofCell.mul_(keeping[t]);
            if (t > 0)
                ofState = rounded[t].view(2, batch, Gates * hidden).baddbmm(hiddenWeights, outside[t - 1]).to(ScalarType.Float32).MoveToOuterDisposeScope();
        }

        var flat = slopes.view(2, steps * batch, Gates * hidden);
        var before = states.narrow(0, 0, steps).transpose(0, 1).contiguous().view(2, steps * batch, hidden);
        var ofSequences = bmm(flat, inputWeights).view(2, steps, batch, features);
        List<Tensor> gradients =
        [
            ofSequences[0].add(ofSequences[1].flip(0), One),
            bmm(flat.transpose(1, 2), sequences),
            bmm(flat.transpose(1, 2), before),
            flat.sum(1),
        ];
        gradients.ForEach(gradient => gradient.MoveToOuterDisposeScope());
        return gradients;
    }

    /// <summary>One gate of [steps, 2, batch, gates, hidden], step by step.</summary>
    private static Tensor[] EachStep(Tensor gates, int gate) => gates.select(3, gate).unbind(0);
}
