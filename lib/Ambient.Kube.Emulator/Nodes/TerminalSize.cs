namespace Ambient.Kube.Emulator.Nodes;

/// <summary>Columns and rows of a caller's terminal.</summary>
public readonly record struct TerminalSize(ushort Width, ushort Height);
