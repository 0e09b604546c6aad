namespace Ambient.Ztunnel.Capture;

/// <summary>What makes a network namespace the same one, by whatever path it was opened.</summary>
internal readonly record struct NetnsId(ulong Device, ulong Inode)
{
    public override string ToString() => $"net:[{Inode}]";
}
