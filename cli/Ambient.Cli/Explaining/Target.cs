using System.Net;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Cli.Explaining;

/// <summary>What is connected to.</summary>
/// <param name="Text">As the person wrote it.</param>
/// <param name="Address">What the application's name lookup would have given, with the port.</param>
/// <param name="Service">The service that was named, when one was.</param>
/// <param name="Pod">The pod that was named, when one was.</param>
internal sealed record Target(string Text, IPEndPoint Address, MeshService? Service, Workload? Pod);
