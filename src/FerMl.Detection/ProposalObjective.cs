using FerMl.Training;
using FerMl.Vision;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Detection;

/// <summary>What is made small in training.</summary>
/// <param name="Loss">Loss, one number with its gradient.</param>
/// <param name="Found">Share of the places with faces that were taken for some.</param>
/// <param name="Worst">The highest score of each scene in a place without a face, as a probability.</param>
internal sealed record ProposalLoss(Tensor Loss, float Found, float[] Worst);

/// <summary>
/// The focal loss of the scores (Lin et al., "Focal Loss for Dense Object Detection", 2017, equation 5), and the smooth L1 loss of place,
/// size and roll where there are faces; both a mean over the places with faces.
/// </summary>
internal sealed class ProposalObjective : IDisposable
{
    // A place with a face counts so much, one without the rest of 1.
    private const double FaceWeight = 0.4;

    // Whether there is a face is what is asked for; where exactly matters less.
    private const double ScoreWeight = 2;

    // Errors of place and size below this are made small as a square, larger ones as they are.
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
        // The share of the probability that is wrong, squared, makes what is easy count little.
        var wrong = isFace.sub(probability).abs();
        var weight = isFace.mul(_faceGain).add(_restOfFaceWeight).mul(wrong).mul(wrong).detach().mul(isAsked);
        var crossEntropy = functional.binary_cross_entropy_with_logits(logits, isFace, reduction: Reduction.None);
        var scores = crossEntropy.mul(weight).sum().div(faces);

        var (told, known) = (answers.narrow(1, 1, FaceGrid.Values - 1), targets.narrow(1, 1, FaceGrid.Values - 1));
        var distances = functional.smooth_l1_loss(told, known, reduction: Reduction.None, beta: Square)
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
