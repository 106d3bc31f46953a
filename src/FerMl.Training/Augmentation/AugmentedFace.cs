namespace FerMl.Training;

/// <summary>Faces as the network sees them in training, to look at.</summary>
public static class AugmentedFace
{
    /// <summary>A face as it is changed in an epoch of a training with these options and this seed.</summary>
    /// <param name="face">The face.</param>
    /// <param name="options">The changes; mixup, which takes two faces, is left out.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="seed">The training's seed.</param>
    /// <returns>2,304 pixel values 0..255, row by row.</returns>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    public static byte[] Render(FaceSample face, AugmentationOptions options, int epoch, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        new EmotionTrainerOptions { Augmentation = options }.Validate();
        var output = new float[FaceResampler.PixelCount];
        new FaceAugmenter(options, seed).Render(face.Pixels, epoch, face.Index, FaceResampler.Side, output);
        return Array.ConvertAll(output, level => (byte)(level + 0.5f));
    }
}
