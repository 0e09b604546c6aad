namespace Ambient.Lab.Network;

/// <summary>Host numbers of a node's pod range, 2 to 254: the least recently used first, so that an address rests before it is another pod's.</summary>
internal sealed class AddressPool
{
    private readonly Lock gate = new();
    private readonly Queue<int> free = new(Enumerable.Range(2, 253));

    /// <summary>Throws when all are in use.</summary>
    public int Take()
    {
        lock (gate)
        {
            return free.TryDequeue(out var index) ? index : throw new InvalidOperationException("the node has no pod address left");
        }
    }

    public void Return(int index)
    {
        lock (gate)
        {
            free.Enqueue(index);
        }
    }
}
