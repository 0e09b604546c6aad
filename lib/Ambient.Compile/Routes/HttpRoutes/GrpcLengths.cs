namespace Ambient.Compile.Routes.HttpRoutes;

/// <summary>Characters of the service and of the method that a GRPCRoute's match names; they decide which match counts first.</summary>
internal readonly record struct GrpcLengths(int Service, int Method);
