using FerMl.Training;
using FerMl.Vision;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Detection;

/// <summary>The loss of a batch, and figures about its predictions.</summary>
/// <param name="Loss">The loss, a scalar with its gradient.</param>
/// <param name="Found">Recall: the share of the cells with faces that are detected.</param>
/// <param name="Worst">The maximum score in each scene at a cell without a face, as a probability.</param>
internal sealed record ProposalLoss(Tensor Loss, float Found, float[] Worst);

/// <summary>
/// The focal loss of the scores (Lin et al., "Focal Loss for Dense Object Detection", 2017, equation 5), plus the smooth L1 loss of
/// position, size and roll at cells with faces. Both are normalized by the number of cells with faces.
/// </summary>
internal sealed class ProposalObjective : IDisposable
{
    // Weight of a cell with a face; one without has 1 minus this.
    private const double FaceWeight = 0.4;

    // Loss weight of the scores: detecting a face matters more than its exact position.
    private const double ScoreWeight = 2;

    // The smooth L1 loss is quadratic below this error, and linear above.
    private const double Square = 0.1;

    private readonly Scalar _scoreWeight = ScoreWeight;
    private readonly Scalar _faceGain = 2 * FaceWeight - 1;
    private readonly Scalar _restOfFaceWeight = 1 - FaceWeight;
    private readonly Scalar _zero = 0f;
    private readonly Scalar _half = 0.5f;

    public ProposalLoss Compute(Tensor answers, Tensor targets)
    {
        using var scope = NewDisposeScope();
        var (logits, kind) = (answers.select(1, 0), targets.select(1, 0));
        var isFace = kind.gt(_half).to(ScalarType.Float32);
        var isAsked = kind.ge(_zero).to(ScalarType.Float32);
        var faces = isFace.sum().clamp_min(Scalars.One);

        var probability = logits.sigmoid();
        // The focal term, the squared error of the probability, gives easy examples little weight.
        var wrong = isFace.sub(probability).abs();
        var weight = isFace.mul(_faceGain).add(_restOfFaceWeight).mul(wrong).mul(wrong).detach().mul(isAsked);
        var crossEntropy = functional.binary_cross_entropy_with_logits(logits, isFace, reduction: Reduction.None);
        var scores = crossEntropy.mul(weight).sum().div(faces);

        var (predicted, known) = (answers.narrow(1, 1, FaceGrid.Values - 1), targets.narrow(1, 1, FaceGrid.Values - 1));
        var distances = functional.smooth_l1_loss(predicted, known, reduction: Reduction.None, beta: Square)
            .mul(isFace.unsqueeze(1)).sum().div(faces);
        var loss = scores.mul(_scoreWeight).add(distances, Scalars.One);

        using var noGrad = no_grad();
        var found = isFace.mul(probability.gt(_half).to(ScalarType.Float32)).sum().div(faces);
        var elsewhere = kind.eq(_zero).to(ScalarType.Float32);
        var worst = probability.mul(elsewhere).amax([1]);
        return new ProposalLoss(loss.MoveToOuterDisposeScope(), found.item<float>(), worst.data<float>().ToArray());
    }

    public void Dispose()
    {
        foreach (var number in (Scalar[])[_faceGain, _restOfFaceWeight, _zero, _half, _scoreWeight])
            number.Dispose();
    }
}
