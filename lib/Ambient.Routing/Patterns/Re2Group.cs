namespace Ambient.Routing.Patterns;

/// <summary>What is to be restored when a group closes, and how large it is so far.</summary>
internal sealed class Re2Group(Re2Flags flags)
{
    public Re2Flags Outer { get; } = flags;

    /// <summary>Nodes of the automaton, roughly: characters times how often they repeat.</summary>
    public long Size { get; set; } = 1;

    public long LastAtom { get; set; }

    /// <summary>Something stands before that may be repeated.</summary>
    public bool Repeatable { get; set; }
}
