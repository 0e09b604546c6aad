namespace Ambient.Hbone.Transport;

/// <summary>
/// Which buffer to read into: small while little comes, larger by what the last reads brought, small again when they shrink.
/// </summary>
internal struct ReadSizing
{
    private const int Step = 4;

    private readonly int _smallest;
    private readonly int _largest;

    public ReadSizing(int smallest, int kept, int largest)
    {
        _smallest = smallest;
        _largest = largest;
        Kept = kept;
        Next = smallest;
    }

    /// <summary>A buffer up to this size is held while waiting; a larger one is given back first, and the wait is a read of zero bytes.</summary>
    public int Kept { get; }

    public int Next { get; private set; }

    public void OnRead(int room, int bytes)
    {
        if (bytes == room)
        {
            Next = Math.Min(_largest, Math.Max(Next, room) * Step);
        }
        else if (bytes < Next / (2 * Step))
        {
            Next = Math.Max(_smallest, Next / Step);
        }
    }
}
