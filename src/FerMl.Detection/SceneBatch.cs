using FerMl.Training;
using FerMl.Vision;

namespace FerMl.Detection;

/// <summary>A training batch of scenes with their targets.</summary>
internal sealed class SceneBatch(int size)
{
    private readonly Scene _scene = new();

    /// <summary>Number of scenes.</summary>
    public int Size => size;

    /// <summary>Pixel values, [scenes, 1, side, side].</summary>
    public float[] Pixels { get; } = new float[size * Scene.Side * Scene.Side];

    /// <summary>Targets, [scenes, values, cells]; see <see cref="SceneTargets"/>.</summary>
    public float[] Answers { get; } = new float[size * FaceGrid.Values * Scene.Places];

    /// <summary>The background region of each scene, null for a generated texture.</summary>
    public BackgroundPart?[] Backgrounds { get; } = new BackgroundPart?[size];

    /// <summary>Composes one of the scenes.</summary>
    public void Fill(int place, SceneComposer composer, ref RandomStream random, BackgroundPart? background)
    {
        composer.Compose(_scene, ref random, background);
        var pixels = Pixels.AsSpan(place * Scene.Side * Scene.Side, Scene.Side * Scene.Side);
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = _scene.Pixels[i];
        SceneTargets.Write(_scene.Faces, Answers.AsSpan(place * FaceGrid.Values * Scene.Places, FaceGrid.Values * Scene.Places));
        Backgrounds[place] = _scene.Background;
    }
}
