namespace Ambient.Cni;

/// <summary>What the runtime gets: JSON on standard output, and an exit code.</summary>
internal sealed record PluginResult(int ExitCode, string Output);
