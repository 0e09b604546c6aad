namespace Ambient.Discovery.Publishing;

/// <summary>Who is calling, from a verified token and never from what the caller says of itself.</summary>
/// <param name="Namespace">Of the service account.</param>
/// <param name="ServiceAccount">That the token stands for.</param>
/// <param name="PodName">Pod that the token is bound to.</param>
/// <param name="PodUid">Its uid.</param>
/// <param name="Node">Where that pod runs; empty when it is not known, and then nothing of a node is sent.</param>
public sealed record Caller(string Namespace, string ServiceAccount, string PodName, string PodUid, string Node);
