namespace Ambient.Hbone.Connect;

/// <summary>The answer to a CONNECT.</summary>
/// <param name="Status">100 to 999; only 200 opens a tunnel.</param>
/// <param name="Baggage">Labels of the destination, when the server sent them.</param>
public sealed record ConnectReply(int Status, string? Baggage);
