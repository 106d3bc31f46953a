using FerMl.Training;

namespace FerMl.Detection;

/// <summary>Background regions with false positives, which are shown to the network again. The newest are kept.</summary>
internal sealed class HardNegatives
{
    private const int Capacity = 2_000, Enough = 50;
    private const double Share = 0.4;

    private readonly Lock _lock = new();
    private readonly List<BackgroundPart> _parts = [];
    private int _next;

    /// <summary>Adds a region.</summary>
    public void Add(BackgroundPart part)
    {
        lock (_lock)
        {
            if (_parts.Count < Capacity)
                _parts.Add(part);
            else
                _parts[_next] = part;
            _next = (_next + 1) % Capacity;
        }
    }

    /// <summary>Draws a region for 40 % of the scenes, once there are enough; otherwise null.</summary>
    public BackgroundPart? Draw(ref RandomStream random)
    {
        lock (_lock)
            return _parts.Count >= Enough && random.NextDouble() < Share ? _parts[random.Below(_parts.Count)] : null;
    }
}
