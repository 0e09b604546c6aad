namespace Ambient.Lab.Network;

/// <summary>A port of a Service; <see cref="Protocol"/> is <c>tcp</c> or <c>udp</c>.</summary>
internal sealed record ServicePortView(string Name, string Protocol, int Port);
