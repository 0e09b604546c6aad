namespace Ambient.Lab;

/// <summary>How a command in a pod ended; 128 + signal when a signal ended it. Output is UTF-8, at most 16 MiB a stream.</summary>
public sealed record ExecResult(int ExitCode, string Output, string Error);
