namespace Ambient.Kube.Emulator.Nodes;

/// <summary>Which streams the caller of an exec asked for.</summary>
internal readonly record struct ExecChannels(bool Input, bool Output, bool Error);
